// Put before the worker's script, it makes the browser's adapter in software pass for a graphics card, and so what a page does
// where
// there is one can be seen without.
{
  const says = { vendor: 'pretended', architecture: 'card', device: '', description: '', isFallbackAdapter: false };
  for (const [key, value] of Object.entries(says))
    Object.defineProperty(self.GPUAdapterInfo?.prototype ?? {}, key, { get: () => value });
}
