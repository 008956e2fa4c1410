package main

import "touchstone/scenarios"

// passwords resolves those of the customers whom visits may be, by site. From
// here on the redactor knows them.
func (a *app) passwords(p *scenarios.Project) (map[string]string, error) {
	known := map[string]string{}
	for i := range p.Sites {
		s := &p.Sites[i]
		if s.Password == (scenarios.Secret{}) {
			continue
		}
		password, err := s.Password.Resolve(a.getenv)
		if err != nil {
			return nil, err
		}
		a.redactor.Add(password)
		known[s.ID] = password
	}
	return known, nil
}
