// Package bound computes the right-hand sides of the theorems on stochastic
// path following, from plain numbers.
//
// It imports nothing of package quant, so that a mistake in one cannot hide in
// the other. Each function names its statement in docs/theory.md, where the
// proof is, and takes the probability η with which it may fail, where the
// literature has N^(-p): with p log N = log(√2·m·n/η) they are the same.
//
// Arguments outside a theorem's assumptions are errors, never numbers that look
// like a bound. Assumptions that numbers cannot show (that rounding was
// stochastic, that nothing was clipped) are the caller's to check.
package bound
