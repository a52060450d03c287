//go:build inherit

#include "textflag.h"

// func inheritedAction(signal uintptr) uintptr
TEXT ·inheritedAction(SB), NOSPLIT, $0-16
	MOVQ signal+0(FP), AX
	LEAQ runtime·fwdSig(SB), BX
	MOVQ (BX)(AX*8), AX
	MOVQ AX, ret+8(FP)
	RET
