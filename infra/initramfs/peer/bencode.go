package main

import (
	"errors"
	"fmt"
)

// A bencoded value (BEP 3): int64, string, []any or dict.
type dict map[string]any

const deepest = 16

// errCut is a text that ends in the middle of a value.
var errCut = errors.New("bencode: cut off")

// decodeBencode reads one value that fills the text. spans holds, for a dictionary, where each of its values lies.
func decodeBencode(text []byte) (value any, spans map[string][2]int, err error) {
	d := decoder{text: text, spans: map[string][2]int{}}
	if value, err = d.value(0); err != nil {
		return nil, nil, err
	}
	if d.at != len(text) {
		return nil, nil, fmt.Errorf("bencode: %d bytes too many", len(text)-d.at)
	}
	return value, d.spans, nil
}

type decoder struct {
	text  []byte
	at    int
	spans map[string][2]int
}

func (d *decoder) value(depth int) (any, error) {
	if depth > deepest {
		return nil, fmt.Errorf("bencode: nested more than %d deep at byte %d", deepest, d.at)
	}
	if d.at >= len(d.text) {
		return nil, errCut
	}
	switch d.text[d.at] {
	case 'i':
		d.at++
		return d.number('e')
	case 'l':
		return d.list(depth)
	case 'd':
		return d.dictionary(depth)
	default:
		return d.bytes()
	}
}

func (d *decoder) list(depth int) (any, error) {
	list := []any{}
	for d.at++; ; {
		if d.at >= len(d.text) {
			return nil, errCut
		}
		if d.text[d.at] == 'e' {
			d.at++
			return list, nil
		}
		value, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
}

func (d *decoder) dictionary(depth int) (any, error) {
	entries := dict{}
	for d.at++; ; {
		if d.at >= len(d.text) {
			return nil, errCut
		}
		if d.text[d.at] == 'e' {
			d.at++
			return entries, nil
		}
		key, err := d.bytes()
		if err != nil {
			return nil, err
		}
		start := d.at
		value, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		entries[key] = value
		if depth == 0 {
			d.spans[key] = [2]int{start, d.at}
		}
	}
}

func (d *decoder) bytes() (string, error) {
	length, err := d.number(':')
	if err != nil {
		return "", err
	}
	if length < 0 || length > int64(len(d.text)-d.at) {
		return "", errCut
	}
	start := d.at
	d.at += int(length)
	return string(d.text[start:d.at]), nil
}

// number reads digits up to and with an end mark.
func (d *decoder) number(end byte) (int64, error) {
	start, negative := d.at, false
	if d.at < len(d.text) && d.text[d.at] == '-' {
		negative = true
		d.at++
	}
	var n int64
	for digits := 0; d.at < len(d.text); d.at++ {
		c := d.text[d.at]
		if c == end && digits > 0 {
			d.at++
			if negative {
				n = -n
			}
			return n, nil
		}
		if c < '0' || c > '9' || digits == 18 {
			return 0, fmt.Errorf("bencode: no number at byte %d", start)
		}
		n = n*10 + int64(c-'0')
		digits++
	}
	return 0, errCut
}
