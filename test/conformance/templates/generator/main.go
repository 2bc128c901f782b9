// Command generator writes what Go's text/template makes of the corpus, with the functions of External Secrets Operator: the goldens that the
// relay's own engine is held to. Run it with `npm run goldens`.
//
// For each corpus/NAME.yaml it writes goldens/NAME.json, and goldens/functions.json with the name of every function that ESO offers.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// A case is rendered this often: what is not the same each time cannot be a golden.
const repetitions = 8

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: generator CORPUS GOLDENS")
	}
	time.Local = time.UTC // as in ESO's image
	if err := generate(os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func generate(corpus, goldens string) error {
	paths, err := filepath.Glob(filepath.Join(corpus, "*.yaml"))
	if err != nil {
		return err
	}
	functions := esoFunctions()
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".yaml")
		file, err := readCorpus(path)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		results, err := renderAll(file, functions)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if err := writeJSON(filepath.Join(goldens, name+".json"), goldenFile{shown(file.Data), results}); err != nil {
			return err
		}
	}
	return writeJSON(filepath.Join(goldens, "functions.json"), slices.Sorted(maps.Keys(functions)))
}

// corpusFile is described in README.md; the suite in templates.test.ts reads the same files.
type corpusFile struct {
	About string           `yaml:"about"`
	Data  map[string]value `yaml:"data"`
	Cases []corpusCase     `yaml:"cases"`
}

type corpusCase struct {
	Name     string           `yaml:"name"`
	Template string           `yaml:"template"`
	Data     map[string]value `yaml:"data"`
	Differs  any              `yaml:"differs"`
}

// value is a text, or bytes as {base64: ...}.
type value []byte

func (v *value) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		var text string
		err := node.Decode(&text)
		*v = value(text)
		return err
	}
	var binary struct {
		Base64 string `yaml:"base64"`
	}
	if err := node.Decode(&binary); err != nil {
		return fmt.Errorf("a value of data is a text or {base64: ...}: %w", err)
	}
	decoded, err := base64.StdEncoding.DecodeString(binary.Base64)
	*v = decoded
	return err
}

func readCorpus(path string) (corpusFile, error) {
	var file corpusFile
	source, err := os.Open(path)
	if err != nil {
		return file, err
	}
	defer source.Close()
	decoder := yaml.NewDecoder(source)
	decoder.KnownFields(true)
	return file, decoder.Decode(&file)
}

// goldenFile repeats what the cases were rendered from, so that the suite can tell when a golden is older than its case.
type goldenFile struct {
	Data  map[string]string `json:"data,omitempty"`
	Cases []golden          `json:"cases"`
}

// golden is what became of one case; exactly one of the last three is there.
type golden struct {
	Name     string            `json:"name"`
	Template string            `json:"template"`
	Data     map[string]string `json:"data,omitempty"`
	Output   *string           `json:"output,omitempty"`
	Base64   *string           `json:"base64,omitempty"`
	Error    *failure          `json:"error,omitempty"`
}

// failure is Go's message; the stage is parse or execute.
type failure struct {
	Stage   string `json:"stage"`
	Message string `json:"message"`
}

func renderAll(file corpusFile, functions template.FuncMap) ([]golden, error) {
	results := make([]golden, 0, len(file.Cases))
	for _, one := range file.Cases {
		data := map[string]string{}
		for _, part := range []map[string]value{file.Data, one.Data} {
			for key, bytes := range part {
				data[key] = string(bytes)
			}
		}
		result := render(one.Template, data, functions)
		for range repetitions {
			if again := render(one.Template, data, functions); !same(result, again) {
				return nil, fmt.Errorf("%s is not deterministic", one.Name)
			}
		}
		result.Name = one.Name
		result.Template = one.Template
		result.Data = shown(one.Data)
		results = append(results, result)
	}
	return results, nil
}

// render does what ESO does with a template: every value is a string, and a key that is missing is an error.
func render(source string, data map[string]string, functions template.FuncMap) golden {
	parsed, err := template.New("t").Option("missingkey=error").Funcs(functions).Parse(source)
	if err != nil {
		return golden{Error: &failure{Stage: "parse", Message: err.Error()}}
	}
	var output bytes.Buffer
	if err := parsed.Execute(&output, data); err != nil {
		return golden{Error: &failure{Stage: "execute", Message: err.Error()}}
	}
	text := output.String()
	if utf8.ValidString(text) {
		return golden{Output: &text}
	}
	encoded := base64.StdEncoding.EncodeToString(output.Bytes())
	return golden{Base64: &encoded}
}

func same(a, b golden) bool {
	left, right := new(bytes.Buffer), new(bytes.Buffer)
	return encode(left, a) == nil && encode(right, b) == nil && bytes.Equal(left.Bytes(), right.Bytes())
}

// shown spells values in JSON: bytes that are no UTF-8 as base64.
func shown(data map[string]value) map[string]string {
	result := map[string]string{}
	for key, bytes := range data {
		if utf8.Valid(bytes) {
			result[key] = string(bytes)
		} else {
			result[key] = "base64:" + base64.StdEncoding.EncodeToString(bytes)
		}
	}
	return result
}

func writeJSON(path string, content any) error {
	var text bytes.Buffer
	if err := encode(&text, content); err != nil {
		return err
	}
	return os.WriteFile(path, text.Bytes(), 0o644)
}

func encode(target *bytes.Buffer, content any) error {
	encoder := json.NewEncoder(target)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(content)
}
