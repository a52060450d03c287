package machine

import (
	"encoding/json"

	"standin/kernel"
)

// Config is what one boot is told.
type Config struct {
	Image   string // the disk, as the outside names it
	Dir     string // the machine's own folder outside
	RootKey string // a public key that root may log in with
	Host    kernel.HostConfig
}

func (c *Config) encode() string {
	text, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func decodeConfig(text string) (*Config, error) {
	c := &Config{}
	return c, json.Unmarshal([]byte(text), c)
}

// How the first process ends.
const (
	exitReboot    = 85
	exitPowerOff  = 86
	exitPowerLoss = kernel.ExitPowerLoss
)
