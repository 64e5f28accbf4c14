import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { betrayed, classify } from './classify.rules.ts'
import { readFileNames } from './filenames.rules.ts'
import { discFolder, isGeneralFolder, parseFolderName } from './folders.rules.ts'
import { mended, naturalOrder, tidy } from './names.rules.ts'
import { splitTitle } from './titles.rules.ts'

const titles = (names: string[], artist?: string) =>
  readFileNames(names, artist).map(({ disc, number, title }) => `${disc ?? ''}/${number ?? ''}/${title}`)

describe('the names of files', () => {
  it('give numbers and titles in every usual writing', () => {
    expect(titles(['01 - Le vent.flac', '02 - La pluie.flac'])).toEqual(['/1/Le vent', '/2/La pluie'])
    expect(titles(['01. Le vent.mp3', '02. La pluie.mp3'])).toEqual(['/1/Le vent', '/2/La pluie'])
    expect(titles(['1) Le vent.wav', '2) La pluie.wav'])).toEqual(['/1/Le vent', '/2/La pluie'])
    expect(titles(['01 Le vent.m4a', '10 La pluie.m4a'])).toEqual(['/1/Le vent', '/10/La pluie'])
    expect(titles(['03_title_words.wav', '04_Other_Words.wav'])).toEqual(['/3/Title words', '/4/Other Words'])
    expect(titles(['03-title-of-words.wav', '04-more-words-still.wav'])).toEqual([
      '/3/Title of words',
      '/4/More words still',
    ])
    expect(titles(['Track 01.wav', 'Track 02 - Named.wav'])).toEqual(['/1/null', '/2/Named'])
  })

  it('give discs: 1-03, 1.03, CD2-01, 101 and 201, and the sides of a record', () => {
    expect(titles(['1-03 Title.flac', '2-01 Other.flac'])).toEqual(['1/3/Title', '2/1/Other'])
    expect(titles(['1.03 Title.flac'])).toEqual(['1/3/Title'])
    expect(titles(['CD2-01 Title.flac'])).toEqual(['2/1/Title'])
    expect(titles(['101 A.mp3', '102 B.mp3', '201 C.mp3'])).toEqual(['1/1/A', '1/2/B', '2/1/C'])
    expect(titles(['A1. Title.flac', 'A2. Two.flac', 'B1. Three.flac', 'C1. Four.flac'])).toEqual([
      '1/1/Title',
      '1/2/Two',
      '1/3/Three',
      '2/1/Four',
    ])
  })

  it('do not take a number that belongs to the title', () => {
    expect(titles(['99 Luftballons.mp3'])).toEqual(['//99 Luftballons'])
    expect(titles(['1984.flac', 'Winston.flac', 'Julia.flac'])).toEqual(['//1984', '//Winston', '//Julia'])
    expect(titles(['7 Seconds.mp3', 'Woman.mp3', 'Manchild.mp3'])).toEqual(['//7 Seconds', '//Woman', '//Manchild'])
    expect(titles(['01 1999.flac', '02 7 Seconds.flac'])).toEqual(['/1/1999', '/2/7 Seconds'])
    expect(titles(['1.5 Degrees.wav'])).toEqual(['//1.5 Degrees'])
  })

  it('give artists when the whole folder is written so, and not otherwise', () => {
    expect(
      readFileNames(['01 - Ana - Um.mp3', '02 - Bo - To.mp3']).map(({ artist, title }) => [artist, title]),
    ).toEqual([
      ['Ana', 'Um'],
      ['Bo', 'To'],
    ])
    expect(readFileNames(['Ana - Disco - 01 Um.flac'])).toEqual([
      { artist: 'Ana', album: 'Disco', number: 1, title: 'Um' },
    ])
    expect(titles(['01 - Sonata - Allegro.flac', '02 - Sonata - Adagio.flac'], 'Ana')).toEqual([
      '/1/Sonata - Allegro',
      '/2/Sonata - Adagio',
    ])
    expect(titles(['01 - Um - Live.flac', '02 - Dois - Live.flac'])).toEqual(['/1/Um - Live', '/2/Dois - Live'])
  })

  it('are never lost, in any script', () => {
    expect(titles(['01 – さくら.flac', '02 – Дождь.flac', '03 – שיר.flac'])).toEqual([
      '/1/さくら',
      '/2/Дождь',
      '/3/שיר',
    ])
    expect(titles(['01 - Cafe\u0301.flac'])).toEqual(['/1/Café'])
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), { maxLength: 6 }), (stems) => {
        const read = readFileNames(stems.map((stem) => `${stem}.flac`))
        expect(read).toHaveLength(stems.length)
        for (const { number } of read) if (number !== undefined) expect(Number.isInteger(number)).toBe(true)
      }),
    )
  })
})

describe('the names of folders', () => {
  it('give artist, title, year and catalogue number', () => {
    expect(parseFolderName('Artist - Album (2024)')).toEqual({ artist: 'Artist', title: 'Album', date: '2024' })
    expect(parseFolderName('2024 - Album')).toEqual({ title: 'Album', date: '2024' })
    expect(parseFolderName('Artist - 2024 - Album')).toEqual({ artist: 'Artist', title: 'Album', date: '2024' })
    expect(parseFolderName('2024-05-17 Album')).toEqual({ title: 'Album', date: '2024-05-17' })
    expect(parseFolderName('Artist - Album (2024) [FLAC 24-96]')).toMatchObject({ title: 'Album', date: '2024' })
    expect(parseFolderName('Artist_-_Album_(2024)')).toEqual({ artist: 'Artist', title: 'Album', date: '2024' })
    expect(parseFolderName('[RIT001] Artist - Album')).toMatchObject({ catalogueNumber: 'RIT001', title: 'Album' })
    expect(parseFolderName('Album (CD 2)')).toEqual({ title: 'Album', disc: 2 })
    expect(parseFolderName('Album (Deluxe Edition)')).toEqual({ title: 'Album (Deluxe Edition)' })
    expect(parseFolderName('1984')).toEqual({ title: '1984' })
  })

  it('tell discs and places of no meaning', () => {
    expect(discFolder('CD1')).toEqual({ disc: 1 })
    expect(discFolder('Disque 2 - Le soir')).toEqual({ disc: 2, title: 'Le soir' })
    expect(discFolder('Disco Volante')).toBeNull()
    expect(['Téléchargements', 'tmp', 'Music', '42'].every(isGeneralFolder)).toBe(true)
    expect(isGeneralFolder('Musica Nova')).toBe(false)
  })
})

describe('titles', () => {
  it('are parted from versions and guests', () => {
    expect(splitTitle('Song (Live)')).toEqual({ title: 'Song', version: 'Live', featured: [] })
    expect(splitTitle('Song (feat. Ana, Bo & Cy) [Radio Edit]')).toEqual({
      title: 'Song',
      version: 'Radio Edit',
      featured: ['Ana', 'Bo', 'Cy'],
    })
    expect(splitTitle('Song - Remastered 2011')).toMatchObject({ title: 'Song', version: 'Remastered 2011' })
    expect(splitTitle('Chanson (version acoustique)')).toMatchObject({
      title: 'Chanson',
      version: 'version acoustique',
    })
  })

  it('stay whole when brackets belong to them', () => {
    for (const title of [
      'Song (With You)',
      '(Untold)',
      'Olive (Oil)',
      'Alive (Delivery)',
      'Sonata - Allegro',
      'Live',
    ]) {
      expect(splitTitle(title)).toEqual({ title, featured: [] })
    }
  })
})

it('text for people is NFC, one line, without tricks', () => {
  expect(tidy('  Cafe\u0301\n\u202egnp.exe ')).toBe('Café gnp.exe')
  expect(tidy('\u0000 ')).toBeNull()
  expect(tidy('می‌خواهم')).toBe('می‌خواهم')
})

it('text read in the wrong encoding is mended, and other text never touched', () => {
  expect(mended('PiÃ¨ce Ã\u00a0 lâ€™aube')).toBe('Pièce à l’aube')
  for (const fine of ['Pièce à l’aube', 'São João', 'Ãurea', 'naïve', '海', 'Ünlü']) expect(mended(fine)).toBe(fine)
})

it('order is the one a person expects', () => {
  expect(['10 b', '9 a', 'Éa', 'Ez', '1'].sort(naturalOrder)).toEqual(['1', '9 a', '10 b', 'Éa', 'Ez'])
})

describe('files', () => {
  const of = (name: string) => {
    const found = classify(name.split('/'))
    return 'kind' in found ? found.kind : `ignored: ${found.ignored}`
  }

  it('are sorted by what they are for', () => {
    const names = [
      'A/01.FLAC',
      'A/.DS_Store',
      'A/._01.flac',
      'A/Thumbs.db',
      'A/list.m3u8',
      'A/rip.log',
      'A/x.exe',
      'A/b.pdf',
    ]
    expect([...names, 'A/Stems/drums.wav', '__MACOSX/01.flac', 'A/cover.JPG'].map(of)).toEqual([
      'audio',
      'ignored: hidden',
      'ignored: hidden',
      'ignored: system',
      'ignored: playlist',
      'ignored: rip-record',
      'ignored: unknown',
      'bonus',
      'bonus',
      'ignored: system',
      'picture',
    ])
  })

  it('named as audio are betrayed by their first bytes', () => {
    const betray = (text: string) => betrayed(Buffer.from(text, 'latin1'))
    expect(betray('ffconcat version 1.0\nfile /etc/passwd')).toBe('playlist')
    expect(betray('\u00ef\u00bb\u00bf#EXTM3U\n#EXTINF:1')).toBe('playlist')
    expect(betray('Dear label,\nhere is my song.')).toBe('text-not-audio')
    expect(betray('\u00ff\u00d8\u00ff\u00e0\u0000\u0010JFIF')).toBe('picture-not-audio')
    expect(betray('RIFF\u0024\u0000\u0000\u0000WAVEfmt ')).toBeNull()
    expect(betray('fLaC\u0000\u0000\u0000\u0022')).toBeNull()
    expect(betray('ID3\u0003\u0000\u0000')).toBeNull()
  })
})
