"""Joins the Latin and Latin Extended parts of one variable face into one subset woff2.

usage: python3 merge.py LATIN.woff2 LATIN_EXT.woff2 OUT.woff2 [axis=value | axis=min:max ...]
Both parts come from the same master, so their axes and metrics agree. Glyphs of the second that the first lacks are
copied with their outlines, widths and variations; its kerning is left behind, the first's is kept.
"""
import sys
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
from fontTools import subset

LATIN = list(range(0x20, 0x7F)) + list(range(0xA0, 0x100)) + [0x131, 0x152, 0x153, 0x2C6, 0x2DA, 0x2DC, 0x2002, 0x2003, 0x2009, 0x200A,
  0x202F, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2020, 0x2022, 0x2026, 0x2032, 0x2033,
  0x2039, 0x203A, 0x2044, 0x20AC, 0x2116, 0x2117, 0x2122, 0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x2215]
EXTENDED = list(range(0x100, 0x180)) + [0x1E9E, 0x218, 0x219, 0x21A, 0x21B, 0x1E80, 0x1E81, 0x1E82, 0x1E83, 0x1E84, 0x1E85, 0x1EF2, 0x1EF3]
FEATURES = ['kern', 'liga', 'calt', 'ccmp', 'locl', 'mark', 'tnum', 'lnum', 'onum', 'pnum', 'case', 'rlig', 'frac']

def cut(path, points, axes, names):
    font = TTFont(path)
    font = instancer.instantiateVariableFont(font, axes) if axes else font
    for g in font.getGlyphOrder():
        if g not in font['gvar'].variations: font['gvar'].variations[g] = []
    options = subset.Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.desubroutinize = True
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.glyph_names = True
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=points)
    cutter.subset(font)
    return font

def main():
    latin, ext, out, *rest = sys.argv[1:]
    axes = {}
    for item in rest:
        name, value = item.split('=')
        axes[name] = tuple(float(v) for v in value.split(':')) if ':' in value else float(value)
    a = cut(latin, LATIN, axes, True)
    b = cut(ext, EXTENDED, axes, True)
    order = a.getGlyphOrder()
    have = set(order)
    known = set(a.getBestCmap())
    new = {}
    cmap_b = {cp: g for cp, g in b.getBestCmap().items() if cp not in known}
    rename = {}
    twin = {g: a.getBestCmap()[cp] for cp, g in b.getBestCmap().items() if cp in known}
    def take(g):
        if g in twin: return twin[g]
        if g in rename: return rename[g]
        name = 'x.' + g
        rename[g] = name
        glyph = b['glyf'][g]
        if glyph.isComposite():
            for c in glyph.components:
                c.glyphName = take(c.glyphName)
        a['glyf'].glyphs[name] = glyph
        a['hmtx'].metrics[name] = b['hmtx'].metrics[g]
        if 'gvar' in a and g in b['gvar'].variations:
            a['gvar'].variations[name] = b['gvar'].variations[g]
        new[name] = True
        return name
    for cp, g in sorted(cmap_b.items()):
        name = take(g)
        for table in a['cmap'].tables:
            if table.isUnicode():
                table.cmap[cp] = name
    order = list(order) + list(new)
    a.setGlyphOrder(order)
    a['glyf'].glyphOrder = order
    for tag in ('HVAR', 'VVAR', 'vhea', 'vmtx'):  # their maps know only the first glyphs; gvar's phantom points say the same
        if tag in a: del a[tag]
    if 'post' in a: a['post'].formatType = 3.0
    a['maxp'].numGlyphs = len(order)
    a.flavor = 'woff2'
    a.save(out)
    print(out, len(order), 'glyphs')

main()
