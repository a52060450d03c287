package kernel

// packetFilter is pf(4): whether it runs, and what is loaded.
type packetFilter struct{}
