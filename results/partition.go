// partition.go divides identities into classes by the values of their columns.
// Classes are numbers, so that classes of several columns are combined without
// comparing texts, and dividing n identities takes time in proportion to n. Large runs
// have a hundred thousand.

package results

import "slices"

// A Partition divides a list of identities into classes. Classes are numbered from
// 0 in the order of their first members.
type Partition struct {
	Of    []int32 // class of each identity
	First []int32 // index of the first identity of each class
}

// Together puts n identities into one class.
func Together(n int) Partition {
	p := Partition{Of: make([]int32, n)}
	if n > 0 {
		p.First = []int32{0}
	}
	return p
}

// PartitionBy puts identities that have the same text in each of the given columns into
// one class.
func PartitionBy(ids []*Identity, columns ...Column) Partition {
	p := Together(len(ids))
	for _, c := range columns {
		p = p.And(partitionByOne(ids, c))
	}
	return p
}

// partitionByOne puts identities with the same text in a column into one class.
func partitionByOne(ids []*Identity, c Column) Partition {
	p := Together(len(ids))
	var number map[string]int32 // the class of each text; made when a second text is met, since most columns have only one
	for i := 1; i < len(ids); i++ {
		if c.Same(ids[i], ids[i-1]) {
			p.Of[i] = p.Of[i-1]
			continue
		}
		if number == nil {
			number = map[string]int32{c.Text(ids[0]): 0}
		}
		p.Of[i] = classOf(&p, number, c.Text(ids[i]), i)
	}
	return p
}

// classOf returns the class that number has for a key. A key that it lacks is that of a
// new class of p, whose first member is the i-th identity.
func classOf[K comparable](p *Partition, number map[K]int32, key K, i int) int32 {
	k, ok := number[key]
	if !ok {
		k = int32(len(p.First))
		number[key] = k
		p.First = append(p.First, int32(i))
	}
	return k
}

// And puts two identities into one class if both p and q do.
func (p Partition) And(q Partition) Partition {
	if len(q.First) <= 1 {
		return p
	}
	if len(p.First) <= 1 {
		return q
	}
	out := Partition{Of: make([]int32, len(p.Of))}
	number := map[[2]int32]int32{}
	for i := range p.Of {
		out.Of[i] = classOf(&out, number, [2]int32{p.Of[i], q.Of[i]}, i)
	}
	return out
}

// Determines reports whether any two identities that are in one class of p are also in
// one class of q.
func (p Partition) Determines(q Partition) bool {
	if len(q.First) <= 1 {
		return true
	}
	for i, k := range p.Of {
		if q.Of[p.First[k]] != q.Of[i] {
			return false
		}
	}
	return true
}

// Distinguishing lists the columns in which identities differ, in the order of the
// struct. It leaves out the columns named, and the columns that follow from others in
// which the identities differ: those that the table of axes says do so, if they do
// among these identities.
func Distinguishing(ids []*Identity, leaveOut ...string) []Column {
	var differ []Column
	classes := map[string]Partition{}
	for _, c := range columnsOf(identityType) {
		if slices.Contains(leaveOut, c.Name) {
			continue
		}
		if p := partitionByOne(ids, c); len(p.First) > 1 {
			differ = append(differ, c)
			classes[c.Name] = p
		}
	}
	var out []Column
	for _, c := range differ {
		from := Together(len(ids))
		for _, name := range AxisOf(c.Name).Follows {
			if p, ok := classes[name]; ok {
				from = from.And(p)
			}
		}
		if len(from.First) <= 1 || !from.Determines(classes[c.Name]) {
			out = append(out, c)
		}
	}
	return out
}

// Along lists the columns that change along the given ones: the given ones; the columns
// from which these follow; and the columns that follow from them, if they do among these
// identities.
func Along(ids []*Identity, columns ...string) []string {
	out := append([]string{}, columns...)
	for _, name := range columns {
		out = append(out, AxisOf(name).Follows...)
	}
	for i := range Axes {
		a := &Axes[i]
		if !slices.ContainsFunc(a.Follows, func(name string) bool { return slices.Contains(columns, name) }) {
			continue
		}
		var from []Column
		for _, name := range a.Follows {
			from = append(from, AxisOf(name).lookup())
		}
		if PartitionBy(ids, from...).Determines(partitionByOne(ids, a.lookup())) {
			out = append(out, a.Column)
		}
	}
	return out
}
