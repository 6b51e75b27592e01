//! Words of no meaning together: what the texts are made of.

use super::random::Random;

/// Plain words, none of them medical, so that nobody takes a sentence for advice.
const WORDS: &str = "\
amber anchor arch arrow aspen atlas autumn badge balance bamboo barley basin beacon bell birch blanket \
bridge bronze brook bucket button cabin candle canvas canyon carpet castle cedar chalk chapel cherry circle \
clay cliff clock cloud clover coast cobalt column comet compass copper coral cotton cradle creek crystal \
curtain cypress dawn delta desert dial dome drift dune eagle easel echo elm ember engine estuary fabric \
falcon feather fence fern field fjord flag flint fog forest fountain frame frost gable garden gate geyser \
glacier glade glass globe granite grass gravel grove gull hammer harbour harvest hazel hedge heron hill \
hollow horizon house ink iris island ivory ivy jade jar jetty juniper kettle kite ladder lagoon lake lamp \
lantern larch lattice laurel lawn leaf ledge lemon lever lichen lilac linen lintel loft loom lupin magnet \
maple marble market marsh mast meadow mesa mill mirror mist moat morning moss mountain mural nest night \
north oak oar oasis ocean olive opal orange orchard otter oval paddle page palm panel paper parcel path \
pebble pepper pier pillar pine plain planet plaster plaza plum pond poplar porch prairie prism quarry quartz \
quay quill rain raven reed reef ribbon ridge river roof rope rowan ruby sail salt sand satin shelf shell \
shore silk silver slate slope snow spire spring spruce square stable stair star station stone storm stream \
summit sun swallow table tapestry terrace thistle thyme tide tile timber tower trail tree tunnel valley \
velvet village vine violet wagon walnut water wave wheat wheel willow wind window winter wool yarn yew";

/// Takes words from the list.
#[derive(Debug)]
pub(super) struct Words(Vec<&'static str>);

impl Words {
    pub(super) fn new() -> Self {
        Self(WORDS.split(' ').collect())
    }

    /// So many words in a row.
    pub(super) fn some(&self, random: &mut Random, count: usize) -> String {
        let words: Vec<&str> = (0..count).map(|_| self.0[random.below(self.0.len())]).collect();
        words.join(" ")
    }

    /// So many sentences of eight to fifteen words.
    pub(super) fn sentences(&self, random: &mut Random, count: usize) -> String {
        let sentences: Vec<String> = (0..count)
            .map(|_| {
                let length = 8 + random.below(8);
                capitalised(&self.some(random, length)) + "."
            })
            .collect();
        sentences.join(" ")
    }
}

/// With a capital first letter.
pub(super) fn capitalised(text: &str) -> String {
    let (first, rest) = text.split_at(1.min(text.len()));
    first.to_uppercase() + rest
}
