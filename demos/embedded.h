// Files that are compiled into the programs, so that these work wherever they are copied: see demos/CMakeLists.txt.
#pragma once

namespace ordinal::demos {

extern const char* const chart_css;             // demos/plot/chart.css
extern const char* const page_html;             // demos/gallery/page.html
extern const char* const style_css;             // demos/gallery/style.css
extern const char* const few_tang_poems_txt;    // demos/models/few_tang_poems.txt
extern const char* const few_sentences_txt;     // demos/real_bert/few_sentences.txt
extern const char* const trained_txt;           // demos/play/trained.txt

}    // namespace ordinal::demos
