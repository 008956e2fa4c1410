package proc

import (
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"
)

// A child is below this process, is a zombie once it has ended, and is gone when
// it was asked after.
func TestTree(t *testing.T) {
	child := exec.Command("sh", "-c", "read line") // until its input ends
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	find := func() (p Process, there bool) {
		tree, err := Tree(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(tree, func(p Process) bool { return p.ID == os.Getpid() }) {
			t.Fatalf("it is not in its own tree: %+v", tree)
		}
		i := slices.IndexFunc(tree, func(p Process) bool { return p.ID == child.Process.Pid })
		if i < 0 {
			return p, false
		}
		return tree[i], true
	}
	if p, there := find(); !there || p.Parent != os.Getpid() || p.Zombie {
		t.Errorf("the child is %+v (%t)", p, there)
	}
	if Share(child.Process.Pid) <= 0 || Peak(os.Getpid()) < 1<<20 {
		t.Errorf("the child has %d bytes, this process had %d", Share(child.Process.Pid), Peak(os.Getpid()))
	}
	in.Close()
	for end := time.Now().Add(10 * time.Second); ; {
		p, there := find()
		if there && p.Zombie {
			break
		}
		if !there || time.Now().After(end) {
			t.Fatalf("a child that ended is %+v (%t)", p, there)
		}
	}
	if err := child.Wait(); err == nil {
		t.Error("a line was read that nobody wrote")
	}
	if p, there := find(); there {
		t.Errorf("it is still there: %+v", p)
	}
	if p, err := Of(child.Process.Pid); err == nil {
		t.Errorf("it is still told of: %+v", p)
	}
	if Share(child.Process.Pid) != 0 {
		t.Error("it still has memory")
	}
}

// What a process computes is counted.
func TestCPU(t *testing.T) {
	before, err := Of(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); ; {
		now, err := Of(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		if now.CPU > before.CPU {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("busy for seconds, it has still used %v", now.CPU)
		}
	}
}
