// Copies what a button stands beside; without a script there is no button, and the text can be selected.
for (const button of document.querySelectorAll('button[data-copy]')) {
  const words = button.querySelector('span')
  const before = words.textContent
  button.hidden = false
  words.setAttribute('role', 'status')
  button.addEventListener('click', async () => {
    const source = document.getElementById(button.dataset.copy)
    try {
      await navigator.clipboard.writeText(source.textContent)
    } catch {
      getSelection().selectAllChildren(source) // where the clipboard is closed, the text is selected for Ctrl+C
      return
    }
    words.textContent = button.dataset.done
    setTimeout(() => { words.textContent = before }, 2000)
  })
}
