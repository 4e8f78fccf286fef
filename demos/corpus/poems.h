// Poems: a real text in which position means something.
//
// The Tang poems of Debian's package fortunes-zh. A regulated poem is a strict grid: every line has five characters
// (or seven) and a punctuation mark, two lines make a couplet. So the text repeats its rhythm every 6 (or 8)
// characters, and a model that knows where it is can tell what kind of character comes. That is what the demo `verse`
// shows; nobody needs to read Chinese for it.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include <ordinal/core/scalar.h>

namespace ordinal {

enum class Meter { five, seven, mixed };    // characters in every line of a poem; mixed: anything else

struct Poem {
    std::string title;      // as written, without the brackets; may be empty
    std::string author;     // may be empty
    std::u32string text;    // the lines one after the other, punctuation included
    Meter meter;
};

const char* meter_name(Meter meter);    // "five-character", "seven-character", "mixed"
Index line_period(Meter meter);         // 6 or 8: a line with its punctuation mark. mixed: OptionError
Index couplet_period(Meter meter);      // 12 or 16: two lines

// five or seven when every stretch between punctuation marks has that many characters, mixed otherwise.
Meter meter_of(const std::u32string& text);

// Reads a text file in UTF-8. Poems are separated by lines that hold a single '%' (a fortune file) or, where there is
// no such line, by blank lines. Taken off: colour codes, a title line (it starts with the bracket U+300A) and an author
// line (it starts with U+4F5C U+8005).
// Throws FileError: unreadable, not UTF-8, no poem in it.
std::vector<Poem> read_poems(const std::string& path);

inline const std::string tang_poems_path = "/usr/share/games/fortunes/tang300";    // where fortunes-zh puts them

// The reader's own file (option --corpus) or, where that is empty, the installed poems.
// A missing file is a FileError that says how to get one.
std::vector<Poem> load_corpus(const std::string& corpus_option, const std::string& installed = tang_poems_path);

std::vector<Poem> with_meter(const std::vector<Poem>& poems, Meter meter);

// A poem for the terminal under a sentence in English on what it is: its first couplets, one a line.
void print_poem(std::ostream& out, const Poem& poem, Index most_couplets = 4);

}    // namespace ordinal
