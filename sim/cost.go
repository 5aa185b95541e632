// cost.go foresees the work of a run: what package quant says of each layer, and
// what drawing, measuring and certifying add.

package sim

// What does not multiply matrices is counted by the operations of a product that
// take about as long. The constants are rough: a run corrects them by what it
// measures.
const (
	drawWeight    = 50  // to draw a weight
	handleWeight  = 100 // to round a weight, and to take differences, norms and activations
	certifyWeight = 50  // to weigh the fraction of a weight
)

// DrawCost foresees the work on an instance that its variants share, in
// floating-point operations: to draw the weights, and to multiply them by the
// activations of the original network, the held-out ones included.
func DrawCost(in Instance) float64 {
	return float64(drawWeight+2*(in.Samples+in.Data.Test)) * float64(in.WeightCount())
}

// Cost foresees the work of a variant on an instance, in floating-point operations,
// beside what it shares with other variants.
func Cost(in Instance, v Variant) float64 {
	m, t := float64(in.Samples), float64(in.Data.Test)
	var sum float64
	for i := 1; i <= in.Layers(); i++ {
		shape := v.shape(in, i)
		layer := shape.Cost()
		N := float64(shape.Inputs)
		weights := N * float64(shape.Neurons)
		sum += float64(layer.Total()) + (2*m+2*t+handleWeight)*weights // X̃Q, and on held-out samples
		if i > 1 || shape.Aligns() {
			sum += 2 * m * weights // X̃W̃
		}
		if v.certified() {
			sum += (2*m+certifyWeight)*weights + 16*m*m*N // the influence matrix and its singular values
		}
		if v.Alphabet.Step == 0 { // a pass before, which draws and aligns all weights
			sum += float64(layer.Align) + (drawWeight+2*m)*weights
		}
	}
	return sum
}
