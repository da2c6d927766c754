package main

// #cgo LDFLAGS: -lz
// #include <zlib.h>
import "C"

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os/user"
	"unsafe"
)

func main() {
	http.HandleFunc("/lookup", func(w http.ResponseWriter, r *http.Request) {
		who, err := user.Lookup("www-data")
		addresses, failure := net.LookupHost("localhost")
		fmt.Fprintln(w, who, err, addresses, failure)
	})
	http.HandleFunc("/crc", func(w http.ResponseWriter, r *http.Request) {
		text := []byte("cinzel")
		fmt.Fprintln(w, uint64(C.crc32(0, (*C.Bytef)(unsafe.Pointer(&text[0])), C.uInt(len(text)))))
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
