package find

// A Measure is how the search did in shops whose truth was known beforehand: the
// High Street's and its side street's. It is no measure of shops to come.
type Measure struct {
	Reached, There   int // of the shops where the goal can be reached, those where it was
	Claimed, Lacking int // of those where it cannot, those where it was said to be
}

// Measured gives how the search for a goal did when it was last measured, ok
// false for goals that were not. `go run ./internal/measure goals` gives the
// figures anew, under "goals".
func Measured(goal string) (m Measure, ok bool) {
	m, ok = figures[goal]
	return m, ok
}

// Together adds the measures of several goals up.
func Together(goals []string) (sum Measure) {
	for _, g := range goals {
		m := figures[g]
		sum.Reached, sum.There, sum.Claimed, sum.Lacking = sum.Reached+m.Reached, sum.There+m.There, sum.Claimed+m.Claimed, sum.Lacking+m.Lacking
	}
	return sum
}

var figures = map[string]Measure{}
