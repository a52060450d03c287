# login - csh login script
