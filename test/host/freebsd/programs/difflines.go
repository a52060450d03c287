package programs

// edit replaces lines fromA to toA of one text by lines fromB to toB of another.
type edit struct{ fromA, toA, fromB, toB int }

// diffLines finds what differs: equal lines at both ends are set aside, the rest by the shortest edit (Myers).
func diffLines(a, b []string) []edit {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var edits []edit
	x, y := head, head
	for _, match := range append(commonLines(a[head:len(a)-tail], b[head:len(b)-tail]), [2]int{len(a) - tail - head, len(b) - tail - head}) {
		toX, toY := match[0]+head, match[1]+head
		if toX > x || toY > y {
			edits = append(edits, edit{x, toX, y, toY})
		}
		x, y = toX+1, toY+1
	}
	return edits
}

// commonLines are the places of equal lines along a shortest edit.
func commonLines(a, b []string) [][2]int {
	n, m := len(a), len(b)
	most := n + m
	if most == 0 {
		return nil
	}
	reach := make([]int, 2*most+2)
	var history [][]int
	for d := 0; d <= most; d++ {
		history = append(history, append([]int{}, reach...))
		for k := -d; k <= d; k += 2 {
			x := 0
			if k == -d || (k != d && reach[most+k-1] < reach[most+k+1]) {
				x = reach[most+k+1]
			} else {
				x = reach[most+k-1] + 1
			}
			y := x - k
			for x < n && y < m && a[x] == b[y] {
				x++
				y++
			}
			reach[most+k] = x
			if x >= n && y >= m {
				return traceBack(history, most, n, m, d)
			}
		}
	}
	return nil
}

func traceBack(history [][]int, most, x, y, d int) (matches [][2]int) {
	for ; d >= 0; d-- {
		reach, k := history[d], x-y
		previous := k - 1
		if k == -d || (k != d && reach[most+k-1] < reach[most+k+1]) {
			previous = k + 1
		}
		px := reach[most+previous]
		py := px - previous
		for x > px && y > py && x > 0 && y > 0 {
			x--
			y--
			matches = append(matches, [2]int{x, y})
		}
		if d == 0 {
			break
		}
		x, y = px, py
	}
	for i, j := 0, len(matches)-1; i < j; i, j = i+1, j-1 {
		matches[i], matches[j] = matches[j], matches[i]
	}
	return matches
}
