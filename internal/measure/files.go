package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// open opens a file, compressed with gzip or not: its first bytes tell.
func open(name string) (io.ReadCloser, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	b := bufio.NewReader(f)
	if magic, err := b.Peek(2); err != nil || !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return content{b, f}, nil
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), f.Close())
	}
	return content{z, f}, nil
}

// content is read through a reader and closed as the file below it.
type content struct {
	io.Reader
	io.Closer
}

// rows decodes the JSON objects of files, one after the other.
func rows[T any](files []string) (list []T, err error) {
	if len(files) == 0 {
		return nil, errors.New("name the files to read")
	}
	for _, name := range files {
		f, err := open(name)
		if err != nil {
			return nil, err
		}
		for d := json.NewDecoder(f); ; {
			var row T
			if err = d.Decode(&row); err != nil {
				break
			}
			list = append(list, row)
		}
		f.Close()
		if !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s: object %d: %w", name, len(list)+1, err)
		}
	}
	return list, nil
}
