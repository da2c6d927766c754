package main

import (
	"fmt"
	"log"
	"net/http"
	"os/user"
	"time"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "Hello from Go") })
	http.HandleFunc("/zone", func(w http.ResponseWriter, r *http.Request) {
		zone, err := time.LoadLocation("America/Sao_Paulo")
		fmt.Fprintln(w, time.Unix(0, 0).In(zone), err)
	})
	http.HandleFunc("/who", func(w http.ResponseWriter, r *http.Request) {
		who, err := user.LookupId("33")
		fmt.Fprintln(w, who, err)
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
