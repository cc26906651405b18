package extract

// readPDF recognises a PDF and reads nothing of it yet.
func (w *work) readPDF() error { return nil }
