package kernel

// system is the state of sysctls and modules.
type system struct{}
