package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"touchstone/internal/db"
	"touchstone/internal/fieldwork"
)

// The test binary is the program too, when it is started by that name: the
// stories and the tests of signals start it as a process of its own.
func TestMain(m *testing.M) {
	os.Setenv(raceEnv, raceOptions)
	// The waves of the demo wait for their shops more than they compute.
	_ = flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0))) // unless -parallel says otherwise, which is read later
	testscript.Main(m, map[string]func(){
		"touchstone": func() {
			os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
		},
	})
}

// With the race detector a program sleeps for a second before it ends, in case
// something is still to be reported: too long for one that is started hundreds
// of times.
const raceEnv, raceOptions = "GORACE", "atexit_sleep_ms=0"

// The stories of the command line: what a person types, and what it prints.
func TestStories(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata", RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv(raceEnv, raceOptions)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"answered-wave": answeredWave, "judge-server": judgeServer, "assign-stray": assignStray,
			"code": code, "own": own, "disown": disown, "newer": newer, "abandon-the-plan": abandonThePlan,
			"old-wave": oldWave, "flip": flip, "sums": sums, "inbox-id": inboxID,
		},
	})
}

// code runs a command that must end with an exit code: code 2 touchstone plan.
func code(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	switch err := ts.Exec(args[1], args[2:]...); {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// databases holds what the stories own, by path.
var databases sync.Map

// own takes a database, as another process that works on it does; disown lets
// go of it.
func own(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	d, err := db.Open(context.Background(), path)
	ts.Check(err)
	databases.Store(path, d)
}

func disown(ts *testscript.TestScript, _ bool, args []string) {
	d, _ := databases.LoadAndDelete(ts.MkAbs(args[0]))
	ts.Check(d.(*db.DB).Close())
}

// newer marks a database as written by a program of a later day.
func newer(ts *testscript.TestScript, _ bool, args []string) {
	d, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	_, err = d.Exec(`INSERT INTO schema_version (version) VALUES (999)`)
	ts.Check(errors.Join(err, d.Close()))
}

// abandonThePlan abandons the wave that is planned, which is called by the day.
func abandonThePlan(ts *testscript.TestScript, _ bool, _ []string) {
	d, err := db.OpenReader(context.Background(), ts.MkAbs("touchstone.db"))
	ts.Check(err)
	waves, err := fieldwork.Waves(context.Background(), d)
	ts.Check(errors.Join(err, d.Close()))
	ts.Check(ts.Exec("touchstone", "wave", "abandon", waves[len(waves)-1].ID))
}
