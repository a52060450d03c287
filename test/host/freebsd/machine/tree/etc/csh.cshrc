umask 22
