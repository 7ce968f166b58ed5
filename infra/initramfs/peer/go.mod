module luna/peer

go 1.21
