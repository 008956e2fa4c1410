package db

import (
	"context"
	"errors"
)

// OpenBeside opens an existing database for a small write beside the process
// that owns it: the kill switch must reach an engine that is at work. It takes
// no lock and migrates nothing; SQLite keeps the two writers apart. Its errors
// are those of OpenReader.
func OpenBeside(ctx context.Context, path string) (*DB, error) {
	d, err := OpenReader(ctx, path)
	if err != nil {
		return nil, err
	}
	if d.write, err = connect(d.path, writing, 1); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}
