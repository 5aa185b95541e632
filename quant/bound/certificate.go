// certificate.go bounds a whole network after the fact.

package bound

import "errors"

// Certificate bounds the error of a whole network at its last layer, which is
// linear: T3″ and T3‴ of docs/theory.md. residual is that layer's alignment
// residual as measured, layer a bound on its X̃W̃ − X̃Q: the largest entry of
// |XW − X̃W̃| with DataLayer, ObservedLayer or ExactLayer bounds every entry of
// |Φ(X) − Φ̃(X)|; the largest column norm with DataColumn bounds every column.
// It fails as often as the layer's bound does, whatever went before.
func Certificate(residual, layer float64) (float64, error) {
	if err := errors.Join(nonNegative("alignment residual", residual), nonNegative("bound of the layer", layer)); err != nil {
		return 0, err
	}
	return finite(residual + layer)
}
