package scenarios

import "io/fs"

// Library is what is shipped: personas.yaml, scenarios and scorecards, laid
// out as in a project's folder.
func Library() fs.FS {
	sub, err := fs.Sub(library, "library")
	if err != nil {
		panic(err) // the folder is embedded: its name is a valid path
	}
	return sub
}
