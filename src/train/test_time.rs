//! Test-time augmentation: logits averaged over several views of each image.

use super::Trainer;
use crate::base::error::Result;
use crate::data::Images;
#[cfg(feature = "gpu")]
use crate::engine::Engine;
use crate::engine::{ImageSets, Source};
use crate::experiment::TestTimeAugmentation;
use crate::tensor::transform::Transform;

impl Trainer {
    /// The average of the logits over the views, for test images.
    pub(super) async fn averaged_logits(&mut self, kind: TestTimeAugmentation, indices: &[u32]) -> Result<Vec<f32>> {
        let mut average = vec![0.0; indices.len() * self.graph.classes()];
        for (share, view) in kind.views(self.data.test.width) {
            let logits = self.logits_of_view(&view, indices).await?;
            average.iter_mut().zip(logits).for_each(|(sum, logit)| *sum += share * logit);
        }
        Ok(average)
    }

    async fn logits_of_view(&mut self, view: &Transform, indices: &[u32]) -> Result<Vec<f32>> {
        // A GPU has the images, and changes them there.
        #[cfg(feature = "gpu")]
        if let Engine::Gpu(engine) = &mut self.engine {
            return engine.logits_of_view(Source::Test, indices, Some(view)).await;
        }
        let images = changed(&self.data.test, view, indices);
        let all: Vec<u32> = (0..indices.len() as u32).collect();
        self.engine.logits(ImageSets { train: &images, test: &images }, Source::Test, &all).await
    }
}

/// Images as a view shows them. It moves whole pixels, so their values stay as they are.
fn changed(images: &Images, view: &Transform, indices: &[u32]) -> Images {
    let Images { height, width, channels, .. } = *images;
    let mut pixels = Vec::with_capacity(indices.len() * images.image_len());
    let mut seen = vec![0.0; images.image_len()];
    for &index in indices {
        view.sample(images.image(index as usize), (height, width, channels), &mut seen);
        pixels.extend(seen.iter().map(|value| (value * 255.0).round() as u8));
    }
    let labels = indices.iter().map(|&index| images.labels[index as usize]).collect();
    Images { height, width, channels, pixels, labels }
}
