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

// Visits are the shipped scenarios that say what a customer comes for and leave
// the way to be found, so that they suit shops that nobody has written a script
// for; laid out as in a project's folder.
func Visits() fs.FS {
	sub, err := fs.Sub(visits, "visits")
	if err != nil {
		panic(err) // as above
	}
	return sub
}
