// Answers the paths of a file of documents with gjson itself:
//
//	go run . ../answers.json
//
// It replaces each answer by what External Secrets Operator would take from the document: the text, or null where there is none.
package main

import (
	"bytes"
	"encoding/json"
	"log"
	"os"

	"github.com/tidwall/gjson"
)

type document struct {
	Document string       `json:"document"`
	Answers  [][2]*string `json:"answers"`
}

func main() {
	name := os.Args[1]
	text, err := os.ReadFile(name)
	if err != nil {
		log.Fatal(err)
	}
	var documents []document
	if err := json.Unmarshal(text, &documents); err != nil {
		log.Fatal(err)
	}
	for _, d := range documents {
		for i, answer := range d.Answers {
			d.Answers[i][1] = answerTo(d.Document, *answer[0])
		}
	}
	if err := os.WriteFile(name, written(documents), 0o644); err != nil {
		log.Fatal(err)
	}
}

func answerTo(document, path string) *string {
	result := gjson.Get(document, path)
	if !result.Exists() {
		return nil
	}
	text := result.String()
	return &text
}

// written puts each answer on a line of its own.
func written(documents []document) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encode := func(value any) {
		if err := encoder.Encode(value); err != nil {
			log.Fatal(err)
		}
		out.Truncate(out.Len() - 1) // its line break
	}
	out.WriteString("[\n")
	for i, d := range documents {
		out.WriteString(`{"document": `)
		encode(d.Document)
		out.WriteString(`, "answers": [` + "\n")
		for j, answer := range d.Answers {
			encode(answer)
			out.WriteString(separator(j, len(d.Answers)))
		}
		out.WriteString("]}" + separator(i, len(documents)))
	}
	out.WriteString("]\n")
	return out.Bytes()
}

func separator(index, count int) string {
	if index == count-1 {
		return "\n"
	}
	return ",\n"
}
