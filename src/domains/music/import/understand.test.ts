import { describe, expect, it } from 'vitest'
import type { AudioFact, Facts, FileFact, PictureFact, Tags, TextFact } from './facts.rules.ts'
import { understand, understandAll } from './understand.ts'

const noTags: Tags = {
  artists: [],
  albumArtists: [],
  genres: [],
  compilation: false,
  releaseTypes: [],
  composers: [],
  credits: [],
  musicbrainz: { artists: [], albumArtists: [] },
}

const audio = (name: string, tags?: Partial<Tags>, minutes = 4): AudioFact => ({
  kind: 'audio',
  path: `/drop/${name}`,
  segments: name.split('/'),
  bytes: 1000,
  durationMs: minutes * 60_000,
  tags: tags ? { ...noTags, ...tags } : null,
})
const picture = (name: string, width = 1000, height = 1000): PictureFact => ({
  kind: 'picture',
  path: `/drop/${name}`,
  segments: name.split('/'),
  bytes: 1000,
  width,
  height,
})
const text = (name: string, words: string): TextFact => ({
  kind: 'text',
  path: `/drop/${name}`,
  segments: name.split('/'),
  bytes: 10,
  text: words,
})
const facts = (files: FileFact[], more: Partial<Facts> = {}): Facts => ({
  files,
  embeddedCovers: [],
  ignored: [],
  problems: [],
  ...more,
})
const order = (files: FileFact[]) =>
  understand(facts(files)).tracks.map(({ disc, number, title }) => `${disc}.${number} ${title.value}`)
const codes = (files: FileFact[], more?: Partial<Facts>) =>
  understand(facts(files, more)).problems.map(({ code }) => code)

describe('an album without a single tag', () => {
  const plan = understand(
    facts([
      audio('Lune Basse - Marées (2024)/02 - Le jusant.wav'),
      audio('Lune Basse - Marées (2024)/01 - Le flot.wav'),
      audio('Lune Basse - Marées (2024)/10 - Étale.wav'),
      picture('Lune Basse - Marées (2024)/Cover.JPG'),
      picture('Lune Basse - Marées (2024)/Scans/back.png'),
      { kind: 'bonus', path: '/drop/b', segments: ['Lune Basse - Marées (2024)', 'Livret.pdf'], bytes: 9 },
    ]),
  )

  it('is understood from its names, and says so', () => {
    expect(plan.artist).toEqual({ name: 'Lune Basse', confidence: 'medium', from: 'folder' })
    expect(plan.release.title).toEqual({ value: 'Marées', from: 'folder' })
    expect(plan.release.date).toEqual({ value: '2024', from: 'folder' })
    expect(plan.tracks.map(({ number, title }) => [number, title])).toEqual([
      [1, { value: 'Le flot', from: 'filename' }],
      [2, { value: 'Le jusant', from: 'filename' }],
      [10, { value: 'Étale', from: 'filename' }],
    ])
    expect(plan.tracks[0]?.artists).toEqual({ value: [{ name: 'Lune Basse' }], from: 'folder' })
    expect(plan.problems).toEqual([])
  })

  it('takes the cover, and gives the rest with it', () => {
    expect(plan.cover).toMatchObject({ kind: 'file', file: 'Lune Basse - Marées (2024)/Cover.JPG' })
    expect(plan.bonus.map(({ file }) => file.split('/').at(-1))).toEqual(['Livret.pdf', 'back.png'])
  })
})

describe('an album with tags', () => {
  const tagged = (track: number, title: string, more: Partial<Tags> = {}) =>
    audio(`in/${track}.flac`, {
      track,
      title,
      album: 'Ebb',
      artists: ['Low Moon'],
      albumArtists: ['Low Moon'],
      ...more,
    })

  it('believes them before the names of folders', () => {
    const plan = understand(facts([tagged(1, 'One'), tagged(2, 'Two')]))
    expect(plan.artist).toEqual({ name: 'Low Moon', confidence: 'high', from: 'tag' })
    expect(plan.release.title).toEqual({ value: 'Ebb', from: 'tag' })
  })

  it('keeps guests, versions, identifiers and credits', () => {
    const plan = understand(
      facts([
        tagged(1, 'One (feat. Ana) [Live]', {
          isrc: 'fr-z03-14-00123',
          composers: ['Ana'],
          credits: [{ role: 'performer', name: 'Bo', detail: 'cello' }],
          musicbrainz: { artists: ['11111111-1111-4111-8111-111111111111'], albumArtists: [], recording: 'r' },
        }),
        tagged(2, 'Two', {
          artists: ['Low Moon feat. Bo'],
          barcode: '036000291452',
          licence: 'https://creativecommons.org/licenses/by-sa/4.0/',
        }),
      ]),
    )
    expect(plan.tracks[0]).toMatchObject({
      title: { value: 'One', from: 'tag' },
      version: { value: 'Live', from: 'tag' },
      isrc: { value: 'FRZ031400123' },
      composers: { value: ['Ana'] },
      credits: [{ role: 'performer', name: 'Bo', detail: 'cello' }],
      musicbrainz: { recording: 'r' },
      artists: {
        value: [
          { name: 'Low Moon', musicbrainz: '11111111-1111-4111-8111-111111111111' },
          { name: 'Ana', featured: true },
        ],
      },
    })
    expect(plan.tracks[1]?.artists.value).toEqual([{ name: 'Low Moon' }, { name: 'Bo', featured: true }])
    expect(plan.release).toMatchObject({ barcode: { value: '036000291452' }, licence: { value: 'cc-by-sa-4.0' } })
  })

  it('leaves out identifiers that are wrong, and says which file', () => {
    const plan = understand(facts([tagged(1, 'One', { isrc: 'nonsense', barcode: '036000291453' })]))
    expect(plan.tracks[0]?.isrc).toBeUndefined()
    expect(plan.problems.map(({ file, code }) => [file, code])).toEqual([
      ['in/1.flac', 'isrc-invalid'],
      [null, 'barcode-invalid'],
    ])
  })

  it('counts again when a number is said twice', () => {
    const files = [
      tagged(1, 'One'),
      tagged(2, 'Two'),
      { ...tagged(2, 'Twice'), path: '/drop/in/3', segments: ['in', '3.flac'] },
    ]
    expect(order(files)).toEqual(['1.1 One', '1.2 Two', '1.3 Twice'])
    expect(codes(files)).toEqual(['number-duplicated'])
  })
})

it('believes a folder before a few scattered tags', () => {
  const plan = understand(
    facts([
      audio('Lune Basse - Marées/01_flot.ogg', { title: 'Flot', artists: ['Ana'], album: 'Demo' }),
      audio('Lune Basse - Marées/02_jusant.ogg', { artists: ['Bo'] }),
      audio('Lune Basse - Marées/03_etale_longue.ogg', { artists: ['Cy'] }),
    ]),
  )
  expect([plan.artist.name, plan.release.title.value, plan.various]).toEqual(['Lune Basse', 'Marées', false])
  expect(plan.tracks.map(({ title }) => title.value)).toEqual(['Flot', 'Jusant', 'Etale longue'])
})

describe('several discs', () => {
  it('are told by their folders', () => {
    const files = ['CD1/01 A', 'CD1/02 B', 'CD2 - Night/01 C'].map((name) => audio(`Ana - Disco/${name}.wav`))
    expect(order(files)).toEqual(['1.1 A', '1.2 B', '2.1 C'])
    expect(understand(facts(files)).release.discs).toEqual([{ number: 1 }, { number: 2, title: 'Night' }])
    expect(understandAll(facts(files))).toHaveLength(1)
  })

  it('even when every tag says disc 1', () => {
    const files = ['CD1/01 A', 'CD2/01 C'].map((name) =>
      audio(`D/${name}.wav`, { disc: 1, track: 1, title: name.slice(-1) }),
    )
    expect(order(files)).toEqual(['1.1 A', '2.1 C'])
  })

  it('or by tags alone, or by folders that end in their number', () => {
    expect(
      order([audio('x/b.mp3', { disc: 2, track: 1, title: 'B' }), audio('x/a.mp3', { disc: 1, track: 1, title: 'A' })]),
    ).toEqual(['1.1 A', '2.1 B'])
    const suffixed = [audio('Disco (CD 1)/01 A.wav'), audio('Disco (CD 2)/01 B.wav')]
    expect(order(suffixed)).toEqual(['1.1 A', '2.1 B'])
    expect(understandAll(facts(suffixed)).map(({ release }) => release.title.value)).toEqual(['Disco'])
  })
})

describe('whose music it is', () => {
  it('is various when the tracks disagree', () => {
    const files = ['Ana', 'Bo', 'Cy', 'Di'].map((name, i) =>
      audio(`Summer/0${i + 1}.mp3`, { title: name, artists: [name], track: i + 1 }),
    )
    const plan = understand(facts(files))
    expect([plan.various, plan.release.kind]).toEqual([true, { value: 'compilation', from: 'guess' }])
    expect(plan.tracks.map(({ artists }) => artists.value[0]?.name)).toEqual(['Ana', 'Bo', 'Cy', 'Di'])
    expect(understand(facts(files.slice(0, 1))).various).toBe(false)
  })

  it('is read from the folder above, and only guessed from what surrounds it all', () => {
    expect(understand(facts([audio('Ana/Disco/01 A.wav')])).artist).toEqual({
      name: 'Ana',
      confidence: 'medium',
      from: 'folder',
    })
    expect(understand(facts([audio('Disco/01 A.wav')], { parentFolder: 'Ana' })).artist).toEqual({
      name: 'Ana',
      confidence: 'low',
      from: 'guess',
    })
  })

  it('is asked for when nothing says it', () => {
    const plan = understand(facts([audio('01 A.wav'), audio('02 B.wav')], { parentFolder: 'Downloads' }))
    expect(plan.artist).toMatchObject({ name: '', confidence: 'low' })
    expect(plan.problems.map(({ code }) => code)).toEqual(['artist-unknown'])
  })

  it('keeps a leading artist whose guests differ', () => {
    const files = ['Ana', 'Ana feat. Bo', 'Ana feat. Cy'].map((name, i) =>
      audio(`x/${i}.mp3`, { title: `${i}a`, artists: [name] }),
    )
    expect(understand(facts(files)).artist).toMatchObject({ name: 'Ana', from: 'tag' })
  })
})

describe('kinds', () => {
  const kind = (count: number, minutes: number, title = 'Disco') =>
    understand(
      facts(Array.from({ length: count }, (_, i) => audio(`Ana - ${title}/${i + 10} T.wav`, undefined, minutes))),
    ).release.kind.value

  it('follow the lengths, and the words of the title', () => {
    expect([kind(1, 4), kind(2, 4), kind(5, 4), kind(8, 4), kind(3, 15)]).toEqual([
      'single',
      'single',
      'ep',
      'album',
      'album',
    ])
    expect(kind(8, 4, 'Live at the Harbour')).toBe('live')
    expect(kind(2, 4, 'Petites eaux EP')).toBe('ep')
  })

  it('are what the tags declare, when they do', () => {
    const declared = understand(
      facts([audio('x/1.mp3', { title: 'A', artists: ['A'], releaseTypes: ['album', 'live'] })]),
    )
    expect(declared.release.kind).toEqual({ value: 'live', from: 'tag' })
  })
})

describe('the cover', () => {
  const chosen = (names: string[], embedded = false) => {
    const song = audio('D/01 A.flac')
    const inside = embedded ? [{ path: song.path, segments: song.segments, width: 600, height: 600 }] : []
    const { cover } = understand(
      facts([song, ...names.map((name) => picture(`D/${name}`))], { embeddedCovers: inside }),
    )
    return cover && `${cover.kind} ${cover.file}`
  }

  it('is the picture named so, in any case and language, before the one inside the audio', () => {
    expect(chosen(['zebra.jpg', 'FOLDER.PNG'], true)).toBe('file D/FOLDER.PNG')
    expect(chosen(['Pochette.webp', 'x.jpg'])).toBe('file D/Pochette.webp')
    expect(chosen(['back.jpg', 'Scans/front.jpg'])).toBe('file D/Scans/front.jpg')
    expect(chosen(['Ana - Disco (Cover).jpg', 'other.jpg'])).toBe('file D/Ana - Disco (Cover).jpg')
  })

  it('is the one inside before a picture that merely lies there', () => {
    expect(chosen(['holiday.jpg'], true)).toBe('embedded D/01 A.flac')
    expect(chosen(['holiday.jpg'])).toBe('file D/holiday.jpg')
    expect(chosen(['back.jpg', 'CD.png'])).toBeNull()
  })
})

describe('texts', () => {
  it('beside a recording are its words, "description" is the release’s, others are given with it', () => {
    const plan = understand(
      facts([
        audio('D/01 A.flac'),
        text('D/01 A.lrc', '[ar:Ana]\n[00:01.00]La mer\n[00:02.00]monte'),
        text('D/Description.txt', 'Made at home.'),
        text('D/thanks.txt', 'To all.'),
      ]),
    )
    expect(plan.tracks[0]?.lyrics).toEqual({ value: 'La mer\nmonte', from: 'file' })
    expect(plan.release.description).toEqual({ value: 'Made at home.', from: 'file' })
    expect(plan.bonus.map(({ file }) => file)).toEqual(['D/thanks.txt'])
  })
})

describe('several releases in one folder', () => {
  it('are understood one by one', () => {
    const files = ['Ana/Um/01 A', 'Ana/Um/Bonus/01 Z', 'Ana/Dois/01 B', 'Ana/Dois/02 C'].map((name) =>
      audio(`${name}.wav`),
    )
    const plans = understandAll(facts([...files, picture('Ana/Dois/cover.jpg')]))
    expect(plans.map(({ release, tracks, cover }) => [release.title.value, tracks.length, cover?.kind])).toEqual([
      ['Dois', 2, 'file'],
      ['Um', 2, undefined],
    ])
  })
})

it('says that a title is missing, and calls the track by its file until it has one', () => {
  const plan = understand(facts([audio('Ana - D/01.wav'), audio('Ana - D/02.wav', { title: 'Track 2' })]))
  expect(plan.tracks.map(({ title }) => title)).toEqual([
    { value: '01', from: 'guess' },
    { value: 'Track 2', from: 'guess' },
  ])
  expect(plan.problems.map(({ code }) => code)).toEqual(['title-missing', 'title-missing'])
})

it('says when there is nothing to take, or a whole album in one file', () => {
  expect(codes([picture('x/cover.jpg')])).toEqual(['no-audio'])
  const cue: FileFact = { kind: 'cue', path: '/c', segments: ['Ana - D', 'D.cue'], bytes: 1 }
  expect(codes([audio('Ana - D/D.flac', undefined, 50), cue])).toEqual(['cue-not-split'])
})
