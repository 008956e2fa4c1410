// Measure holds the reader against labelled data and prints one JSON object:
//
//	go run ./internal/measure TASK FILES…
//
// It reads files in the forms of the corpora that it is told, plain or
// compressed with gzip, so that other data of the same form can be given.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

// tasks are what can be measured, by name. A task writes one JSON object.
var tasks = map[string]func(w io.Writer, files []string) error{
	"mail-class":       mailClass,
	"own-words":        ownWords,
	"promises":         promises,
	"speed":            speed,
	"answers":          answers,
	"answers-mistaken": answersMistaken,
	"answers-parts":    answersParts,
	"answers-simple":   answersSimple,
	"form-fields":      formFields,
	"goals":            goals,
	"prices":           prices,
	"scout-cost":       scoutCost,
}

func main() {
	if err := run(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, args []string) error {
	names := strings.Join(slices.Sorted(maps.Keys(tasks)), ", ")
	if len(args) == 0 {
		return fmt.Errorf("say what to measure: one of %s", names)
	}
	task, ok := tasks[args[0]]
	if !ok {
		return fmt.Errorf("no task %q: it is one of %s", args[0], names)
	}
	return task(w, args[1:])
}

// print writes the result of a task.
func print(w io.Writer, result any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(result)
}

// ratio is a part of a whole, 0 of nothing, rounded to four places.
func ratio(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return rounded(float64(part) / float64(whole))
}

// rounded leaves four places.
func rounded(x float64) float64 {
	const places = 1e4
	return float64(int64(x*places+.5)) / places
}

// f1 is the harmonic mean of precision and recall, 0 where nothing was found
// nor to be found.
func f1(hits, found, wanted int) float64 { return ratio(2*hits, found+wanted) }
