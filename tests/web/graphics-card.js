// Prepended to the worker's script, this makes the browser's software adapter look like a graphics card, so that tests can check what
// the page does with one.
{
  const says = { vendor: 'pretended', architecture: 'card', device: '', description: '', isFallbackAdapter: false };
  for (const [key, value] of Object.entries(says))
    Object.defineProperty(self.GPUAdapterInfo?.prototype ?? {}, key, { get: () => value });
}
