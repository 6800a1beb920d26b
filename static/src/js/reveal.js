// <div class="screens-reveal" data-reveal-for="rag" data-reveal-values="AMBER RED">…</div>
// is shown only while the field called "rag" in the same form has one of those values.
// Without scripts it is always shown, and the server decides whether the answer was needed.

function answers(form, name) {
  return new FormData(form).getAll(name)
}

function show(form) {
  for (const part of form.querySelectorAll('[data-reveal-for]')) {
    const wanted = part.dataset.revealValues.split(' ')
    part.hidden = !answers(form, part.dataset.revealFor).some((value) => wanted.includes(value))
  }
}

export function watchReveals(scope) {
  const forms = new Set([...scope.querySelectorAll('[data-reveal-for]')].map((part) => part.closest('form')))
  for (const form of forms) {
    if (!form || form.dataset.revealWatched) continue
    form.dataset.revealWatched = 'true'
    form.addEventListener('change', () => show(form))
    show(form)
  }
}
