//go:build inherit

#include "textflag.h"

// func inheritedAction(signal uintptr) uintptr
TEXT ·inheritedAction(SB), NOSPLIT, $0-16
	MOVD signal+0(FP), R0
	MOVD $runtime·fwdSig(SB), R1
	MOVD (R1)(R0<<3), R0
	MOVD R0, ret+8(FP)
	RET
