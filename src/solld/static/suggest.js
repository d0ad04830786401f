// Names under a search field while one types: the combobox of the ARIA practices. Without it the form works as it is.
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
for (const input of document.querySelectorAll('input[type=search][name=q]')) {
  const form = input.form
  const list = document.createElement('ul')
  list.id = `${input.id}-suggestions`
  list.className = 'suggestions'
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-label', input.labels[0]?.textContent ?? '')
  list.hidden = true
  form.classList.add('suggesting')
  form.append(list)
  for (const [name, value] of [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-controls', list.id], ['aria-expanded', 'false']]) {
    input.setAttribute(name, value)
  }
  let waiting = 0
  let last = ''
  let asked = null

  const close = () => {
    list.hidden = true
    list.replaceChildren()
    input.setAttribute('aria-expanded', 'false')
    input.removeAttribute('aria-activedescendant')
  }

  const choose = (step) => {
    const options = [...list.children]
    if (!options.length) return
    const now = options.findIndex((each) => each.getAttribute('aria-selected') === 'true')
    const next = (now + step + options.length + (now < 0 && step < 0 ? 1 : 0)) % options.length
    options.forEach((each, place) => each.setAttribute('aria-selected', String(place === next)))
    options[next].scrollIntoView({ block: 'nearest' })
    input.setAttribute('aria-activedescendant', options[next].id)
  }

  const show = (results) => {
    list.replaceChildren(...results.map((each, place) => {
      const option = document.createElement('li')
      option.id = `${list.id}-${place}`
      option.setAttribute('role', 'option')
      option.setAttribute('aria-selected', 'false')
      option.dataset.href = each.href
      const name = document.createElement('span')
      name.textContent = each.name
      if (each.language) name.lang = each.language
      const about = document.createElement('span')
      about.className = 'soft'
      about.textContent = [...(each.types ?? []).map((type) => type.name), ...(each.places ?? [])].join(' · ')
      option.append(name, about)
      return option
    }))
    list.hidden = !results.length
    input.setAttribute('aria-expanded', String(!list.hidden))
  }

  const ask = async () => {
    const text = input.value.trim()
    if (text === last) return
    last = text
    asked?.abort()
    if (text.length < 2) return close()
    asked = new AbortController()
    const query = new URLSearchParams({ q: text, size: '8', lang: document.documentElement.lang })
    try {
      const answer = await fetch(`${form.action.replace(/\/[^/]*$/, '')}/suggest?${query}`, { signal: asked.signal })
      if (answer.ok) show((await answer.json()).results)
      else close()
    } catch (error) {
      if (error.name !== 'AbortError') close()
    }
  }

  input.addEventListener('input', () => {
    clearTimeout(waiting)
    waiting = setTimeout(ask, 120)
  })
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !list.hidden) { event.preventDefault(); close() }
    if (list.hidden) return
    if (event.key === 'ArrowDown') { event.preventDefault(); choose(1) }
    if (event.key === 'ArrowUp') { event.preventDefault(); choose(-1) }
    const chosen = list.querySelector('[aria-selected=true]')
    if (event.key === 'Enter' && chosen) { event.preventDefault(); location.assign(chosen.dataset.href) }
  })
  input.addEventListener('blur', () => setTimeout(close, 150))
  list.addEventListener('pointerdown', (event) => {
    const option = event.target.closest('[role=option]')
    if (option) { event.preventDefault(); location.assign(option.dataset.href) }
  })
}
