# .cshrc - csh resource script, read at beginning of execution by each shell
set path = (/sbin /bin /usr/sbin /usr/bin /usr/local/sbin /usr/local/bin $HOME/bin)
setenv EDITOR vi
setenv PAGER less
if ($?prompt) then
	set prompt = "%N@%m:%~ %# "
	set history = 1000
endif
