// primes.go lists primes for the low-discrepancy weights.

package sim

import "sync"

// primes are those found so far, in ascending order.
var primes struct {
	sync.Mutex
	list []int
}

// prime returns the j-th prime: 2 for j = 0.
func prime(j int) int {
	primes.Lock()
	defer primes.Unlock()
	for limit := 1024; len(primes.list) <= j; limit *= 4 {
		primes.list = sieve(limit)
	}
	return primes.list[j]
}

// sieve returns the primes below limit (Eratosthenes).
func sieve(limit int) []int {
	composite := make([]bool, limit)
	var list []int
	for p := 2; p < limit; p++ {
		if composite[p] {
			continue
		}
		list = append(list, p)
		for q := p * p; q < limit; q += p {
			composite[q] = true
		}
	}
	return list
}
