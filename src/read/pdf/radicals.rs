//! Radicals → the ideographs that they are drawn as. Fonts that hold one glyph for both (Noto, Source Han) let the writer
//! of a PDF name it either way, and browsers take the lower code: ⻔ for 门, ⼀ for 一. No text sets a radical by itself.

/// Each radical of the supplement that fonts draw as an ideograph, and that ideograph (Unicode's equivalence).
const SUPPLEMENT: &str = "\
     ⺁厂 ⺂乛 ⺃乚 ⺄乙 ⺅亻 ⺆冂 ⺈刀 ⺉刂 ⺊卜 ⺋㔾 ⺌小 ⺍小 ⺎兀 ⺏尣 ⺐尢 ⺒巳 ⺓幺 ⺔彑 \
     ⺕彐 ⺖忄 ⺗心 ⺘扌 ⺙攵 ⺛旡 ⺜日 ⺝月 ⺞歺 ⺟母 ⺠民 ⺡氵 ⺢氺 ⺣灬 ⺤爫 ⺥爫 ⺦丬 ⺧牛 \
     ⺨犭 ⺩王 ⺫目 ⺬示 ⺭礻 ⺯糹 ⺰纟 ⺱罓 ⺲罒 ⺳㓁 ⺴冗 ⺶羊 ⺹耂 ⺺肀 ⺻聿 ⺼肉 ⺾艹 ⺿艹 \
     ⻀艹 ⻁虎 ⻂衤 ⻃覀 ⻄西 ⻅见 ⻆角 ⻈讠 ⻉贝 ⻋车 ⻌辶 ⻍辶 ⻎辶 ⻏邑 ⻐钅 ⻑長 ⻒镸 ⻓长 \
     ⻔门 ⻖阝 ⻗雨 ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻟飠 ⻠饣 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦 \
     ⻩黄 ⻪黾 ⻫斉 ⻬齐 ⻭歯 ⻮齿 ⻯竜 ⻰龙 ⻱龜 ⻲亀 ⻳龟";

/// The ideograph that a radical is drawn as; any other character as it is.
pub(super) fn to_ideograph(character: char) -> char {
    match character {
        // Its compatibility form is the traditional 戶, while fonts for simplified Chinese draw it as 户.
        '⼾' => Some('户'),
        '\u{2F00}'..='\u{2FDF}' => crate::base::text::nfkc(character.encode_utf8(&mut [0; 4])).chars().next(),
        '\u{2E80}'..='\u{2EFF}' => {
            let mut pairs = SUPPLEMENT.split(' ').map(str::chars);
            pairs.find_map(|mut pair| (pair.next() == Some(character)).then(|| pair.next()).flatten())
        }
        _ => return character,
    }
    .unwrap_or(character)
}

#[cfg(test)]
mod tests {
    use super::to_ideograph;

    #[test]
    fn a_glyph_that_is_both_is_the_ideograph() {
        let read: String = "部⻔⽀出、财政专⼾、⻋辆、⼈⺠、⻳".chars().map(to_ideograph).collect();
        assert_eq!(read, "部门支出、财政专户、车辆、人民、龟");
    }

    #[test]
    fn whatever_is_no_radical_stays() {
        for character in "門戶收1⺀ ".chars() {
            assert_eq!(to_ideograph(character), character);
        }
    }
}
