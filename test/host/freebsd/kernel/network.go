package kernel

// network is the state of interfaces, routes and pf.
type network struct{}
