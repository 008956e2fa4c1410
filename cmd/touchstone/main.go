// Touchstone audits and benchmarks customer service in e-commerce: it behaves
// as a customer would, keeps the proof of every figure, and says how good each
// shop is.
package main

import (
	"context"
	"io"
	"os"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program: it gives the exit code and touches nothing but
// its arguments, the environment, and the files that it is told of.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return newApp(stdin, stdout, stderr).execute(ctx, args)
}

// execute does the command and gives its exit code; the app is used up by it.
func (a *app) execute(ctx context.Context, args []string) int {
	defer a.close()
	cmd := a.root()
	cmd.SetArgs(args)
	cmd.SetIn(a.stdin)
	cmd.SetOut(a.stdout)
	cmd.SetErr(a.stderr)
	return a.exit(cmd.ExecuteContext(ctx))
}
