package machine

import "standin/kernel"

func init() { Commands["serve-disk"] = kernel.ServeDisk }
