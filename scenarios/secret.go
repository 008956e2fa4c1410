package scenarios

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// A Secret is a reference, never a value.
type Secret struct {
	Env  string // name of an environment variable
	File string // absolute path of a file that holds it and nothing else
	Pos  Pos
}

// Resolve fetches the value, from the environment by getenv or from the file,
// without the white space around it. Its errors say what to set, never a value.
func (s Secret) Resolve(getenv func(string) string) (string, error) {
	switch {
	case s.Env != "":
		if v := getenv(s.Env); v != "" {
			return v, nil
		}
		return "", fmt.Errorf("environment variable %s is not set (%s asks for it)", s.Env, s.Pos)
	case s.File != "":
		data, err := os.ReadFile(s.File)
		if err != nil {
			return "", fmt.Errorf("read the secret that %s asks for: %w", s.Pos, err)
		}
		if v := strings.TrimSpace(string(data)); v != "" {
			return v, nil
		}
		return "", fmt.Errorf("the file %s is empty (%s asks for the secret in it)", s.File, s.Pos)
	}
	return "", errors.New("no environment variable and no file is named for the secret")
}
