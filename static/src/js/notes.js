// <div role="status" data-note-for="outcome_0" data-note-words="support|work with" data-note-says="“{word}” says little."></div>
// holds a quiet note while the field of that name in the same form has one of these whole words in it.
// Without scripts the server puts the note there when the page is next shown. A note refuses nothing.

const PAUSE = 700 // ms of quiet after the last key, so that a word half typed is left alone

// Whole words, as `reviews.rules.drift_word` finds them: “supported” and “co-support” hold no “support”.
function pattern(words) {
  return new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${words.replaceAll(' ', '\\s+')})(?![\\p{L}\\p{N}_-])`, 'iu')
}

class Note {
  constructor(place, field) {
    this.place = place
    this.field = field
    this.words = pattern(place.dataset.noteWords)
    field.addEventListener('input', () => this.soon())
    field.addEventListener('change', () => this.show())
  }

  soon() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.show(), PAUSE)
  }

  show() {
    clearTimeout(this.timer)
    const said = this.said()
    if (said === this.place.textContent.trim()) return // said once is enough for who hears the page
    this.place.replaceChildren(...(said ? [this.paragraph(said)] : []))
  }

  said() {
    const found = this.field.value.match(this.words)
    if (!found) return ''
    return this.place.dataset.noteSays.replace('{word}', () => found[0].toLowerCase().replace(/\s+/g, ' '))
  }

  paragraph(said) {
    const paragraph = document.createElement('p')
    paragraph.className = 'govuk-hint'
    paragraph.textContent = said
    return paragraph
  }
}

export function watchNotes(scope) {
  for (const place of scope.querySelectorAll('[data-note-for]')) {
    const field = place.closest('form')?.elements[place.dataset.noteFor]
    if (!field || place.dataset.noteWatched) continue
    place.dataset.noteWatched = 'true'
    new Note(place, field)
  }
}
