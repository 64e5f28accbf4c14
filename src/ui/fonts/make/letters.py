"""Writes the outlines of one static cut of a face as JSON, on 1000 units to the em. `letters` is one text, a line per letter:
the letter, a tab, its advance, a tab, its path (y down, from the base line).

usage: python3 letters.py FACE.woff2 WEIGHT OUT.json
"""
import json, sys
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen

path, weight, out = sys.argv[1:]
font = instancer.instantiateVariableFont(TTFont(path), {'wght': float(weight)})
glyphs, scale = font.getGlyphSet(), 1000 / font['head'].unitsPerEm
letters = {}
for point, name in sorted(font.getBestCmap().items()):
    pen = SVGPathPen(glyphs, ntos=lambda v: str(round(v)))
    glyphs[name].draw(TransformPen(pen, (scale, 0, 0, -scale, 0, 0)))
    letters[chr(point)] = f"{chr(point)}\t{round(font['hmtx'][name][0] * scale)}\t{pen.getCommands()}"
cut = {'capHeight': round(font['OS/2'].sCapHeight * scale), 'xHeight': round(font['OS/2'].sxHeight * scale),
       'letters': '\n'.join(letters.values())}
with open(out, 'w') as file:
    json.dump(cut, file, ensure_ascii=False, indent=2)
    file.write('\n')
