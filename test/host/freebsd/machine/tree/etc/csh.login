# System-wide .login file for csh(1).
