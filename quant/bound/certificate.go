// certificate.go bounds a whole network after the fact.

package bound

import "errors"

// Certificate bounds the error of a whole network at its last layer, which is
// linear: T3″ and T3‴ of docs/theory.md. residual is the measured alignment
// residual XW − X̃W̃ of that layer, and layer is a bound on its X̃W̃ − X̃Q. With
// the largest entry of the residual and DataLayer, ObservedLayer or ExactLayer
// the certificate bounds every entry of |Φ(X) − Φ̃(X)|; with the largest column
// norm and DataColumn it bounds the norm of every column. Its failure
// probability is that of the layer's bound, whatever the earlier layers did.
func Certificate(residual, layer float64) (float64, error) {
	if err := errors.Join(nonNegative("alignment residual", residual), nonNegative("bound of the layer", layer)); err != nil {
		return 0, err
	}
	return finite(residual + layer)
}
