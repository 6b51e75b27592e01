// Reads samples into the generated types and writes them again: roundtrip DOCUMENT SAMPLES REWRITTEN
//
// The types are in types.go, which is written when the clients are generated.
package main

import (
	"encoding/json"
	"log"
	"os"
)

func main() {
	document, samples, target := os.Args[1], os.Args[2], os.Args[3]
	text, err := os.ReadFile(samples)
	must(err)
	var all []struct {
		Schema string          `json:"schema"`
		Value  json.RawMessage `json:"value"`
	}
	must(json.Unmarshal(text, &all))
	rewritten := make([]any, 0, len(all))
	for _, sample := range all {
		value := types[document][sample.Schema]()
		if err := json.Unmarshal(sample.Value, value); err != nil {
			log.Fatalf("%s cannot be read: %v\n%s", sample.Schema, err, sample.Value)
		}
		rewritten = append(rewritten, value)
	}
	text, err = json.Marshal(rewritten)
	must(err)
	must(os.WriteFile(target, text, 0o644))
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
