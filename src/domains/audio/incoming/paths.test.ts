import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bonusNames, bonusType } from './bonus.rules.ts'
import { MAX_FILE_BYTES, MAX_FILES, type Room, refuseUpload, SPARE_BYTES } from './limits.rules.ts'
import { type KnownUpload, matchFile } from './match.rules.ts'
import { cleanPath, isJunk, shownPaths } from './paths.rules.ts'

describe('the name that a browser told', () => {
  test('is a text in folders, in any script', () => {
    expect(cleanPath('/Été à 東京/01 Chanson.flac')).toBe('Été à 東京/01 Chanson.flac')
    expect(cleanPath('Album\\CD1\\01.wav')).toBe('Album/CD1/01.wav')
  })

  test('never climbs, hides a control character or an empty part', () => {
    expect(cleanPath('../../etc/passwd')).toBe('etc/passwd')
    expect(cleanPath('./a//b/../c')).toBe('a/b/c')
    expect(cleanPath('a\u0000b\u202E.wav')).toBe('ab.wav')
    expect(cleanPath('/..//')).toBe('')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (told) => {
        const path = cleanPath(told)
        expect(path.split('/').some((part) => part === '..' || part === '.')).toBe(false)
        expect(cleanPath(path)).toBe(path)
      }),
    )
  })

  test('what systems leave behind is not sent', () => {
    for (const path of ['.DS_Store', 'A/Thumbs.db', '__MACOSX/A/01.wav', 'A/.git/x', 'A/._01.wav'])
      expect(isJunk(path)).toBe(true)
    for (const path of ['A/01.wav', 'Vol. 2/01.wav', 'A/desktop.wav']) expect(isJunk(path)).toBe(false)
  })

  test('is shown without the one folder that holds everything', () => {
    expect(shownPaths(['A/01.wav', 'A/CD2/01.wav'])).toEqual(['01.wav', 'CD2/01.wav'])
    expect(shownPaths(['A/01.wav', 'B/01.wav'])).toEqual(['A/01.wav', 'B/01.wav'])
    expect(shownPaths(['01.wav', '02.wav'])).toEqual(['01.wav', '02.wav'])
    expect(shownPaths([])).toEqual([])
  })
})

describe('a folder dropped again', () => {
  const here = (path: string, more: Partial<KnownUpload> = {}): KnownUpload => ({
    path,
    size: 100,
    modifiedMs: 5,
    received: 40,
    complete: false,
    ...more,
  })
  const chosen = (path: string, more = {}) => ({ path, size: 100, modifiedMs: 5, ...more })

  test('goes on where it stopped, and skips what is there', () => {
    const half = here('A/01.wav')
    const whole = here('A/02.wav', { complete: true })
    expect(matchFile(chosen('A/01.wav'), [half, whole])).toEqual({ does: 'resume', known: half })
    expect(matchFile(chosen('A/02.wav'), [half, whole])).toEqual({ does: 'skip', known: whole })
    expect(matchFile(chosen('A/03.wav'), [half, whole])).toEqual({ does: 'send' })
  })

  test('a file that was exported anew in between is sent from its beginning', () => {
    expect(matchFile(chosen('A/01.wav', { modifiedMs: 6 }), [here('A/01.wav')])).toEqual({ does: 'send' })
    expect(matchFile(chosen('A/01.wav', { size: 101 }), [here('A/01.wav')])).toEqual({ does: 'send' })
  })

  test('a file without its folder is recognised when only one can be meant', () => {
    const one = here('A/01.wav')
    expect(matchFile(chosen('01.wav'), [one])).toEqual({ does: 'resume', known: one })
    expect(matchFile(chosen('01.wav'), [one, here('B/01.wav')])).toEqual({ does: 'send' })
  })
})

describe('what may come in', () => {
  const room: Room = { files: 0, bytes: 0, freeBytes: 100_000_000_000, promisedBytes: 0 }
  const file = (size: number, path = 'a.wav') => ({ path, size, modifiedMs: null })

  test('a file as large as a WAV can be, and not a byte more', () => {
    expect(refuseUpload(file(MAX_FILE_BYTES), room)).toBeNull()
    expect(refuseUpload(file(MAX_FILE_BYTES + 1), room)).toBe('file-too-large')
    expect(refuseUpload(file(0), room)).toBeNull()
  })

  test('nothing that has no name, no size, or no place', () => {
    expect(refuseUpload(file(1, ''), room)).toBe('path')
    expect(refuseUpload(file(Number.NaN), room)).toBe('size-unknown')
    expect(refuseUpload(file(1), { ...room, files: MAX_FILES })).toBe('too-many-files')
    expect(refuseUpload(file(1000), { ...room, freeBytes: SPARE_BYTES + 999 })).toBe('no-room')
    expect(refuseUpload(file(1000), { ...room, freeBytes: SPARE_BYTES + 1999, promisedBytes: 1000 })).toBe('no-room')
    expect(refuseUpload(file(1000), { ...room, freeBytes: SPARE_BYTES + 2000, promisedBytes: 1000 })).toBeNull()
  })
})

describe('what is given with a release', () => {
  test('keeps its names, apart from each other', () => {
    expect(bonusNames(['A/Scans/1.jpg', 'A/booklet.pdf', 'A/Inside/1.JPG', 'A/Inside/1.jpg'])).toEqual([
      '1.jpg',
      'booklet.pdf',
      'A - Inside - 1.JPG',
      '4 - 1.jpg',
    ])
  })

  test('is never said to be a page or a program', () => {
    for (const name of ['a.html', 'a.svg', 'a.js', 'a', 'a.constructor'])
      expect(bonusType(name)).toBe('application/octet-stream')
    expect(bonusType('A.PDF')).toBe('application/pdf')
  })
})
