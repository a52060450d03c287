module become

go 1.21
